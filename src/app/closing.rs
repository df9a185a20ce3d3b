//! The cookies that an answer takes along.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::kernel::language::Language;
use crate::web::cookie::Cookie;

/// What is added to an answer on its way out.
pub struct Closing {
    pub device: Option<String>,
    pub language: Option<Language>,
    pub flash_shown: bool,
    pub session_over: bool,
}

impl Closing {
    pub fn apply(self, mut response: Response) -> Response {
        let set: Vec<HeaderValue> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        let has = |cookie: Cookie| {
            let start = format!("{}=", cookie.name());
            set.iter().any(|line| line.as_bytes().starts_with(start.as_bytes()))
        };
        let (has_device, has_session, has_flash) =
            (has(Cookie::Device), has(Cookie::Session), has(Cookie::Flash));
        let headers = response.headers_mut();
        if let Some(device) = self.device
            && !has_device
        {
            Cookie::Device.set(headers, &device);
        }
        if let Some(language) = self.language {
            Cookie::Language.set(headers, language.code());
        }
        if self.flash_shown && !has_flash {
            Cookie::Flash.clear(headers);
        }
        if self.session_over && !has_session {
            Cookie::Session.clear(headers);
        }
        response
    }
}
