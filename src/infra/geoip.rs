//! Place data, where the operator has fetched it; without it places are unknown, never guessed.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use maxminddb::Reader;
use serde::Deserialize;

/// Where an address is, as far as the data tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
}

#[derive(Debug, thiserror::Error)]
#[error("{path}: this place data cannot be read: {cause}")]
pub struct GeoIpError {
    path: String,
    cause: maxminddb::MaxMindDbError,
}

/// The files of DB-IP are flat records, one file for each version of IP.
#[derive(Deserialize)]
struct Record {
    country_code: Option<String>,
    state1: Option<String>,
    city: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// The place data of this installation; cheap to clone, empty by default.
#[derive(Clone, Default)]
pub struct GeoIp(Arc<Vec<Reader<Vec<u8>>>>);

impl GeoIp {
    /// Reads every `.mmdb` file of a folder; a folder that is not there is no data.
    ///
    /// # Errors
    /// A file is there and is not of the format.
    pub fn load(folder: &Path) -> Result<Self, GeoIpError> {
        let mut readers = vec![];
        let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Self::default()) };
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "mmdb")) {
            let reader = Reader::open_readfile(&path)
                .map_err(|cause| GeoIpError { path: path.display().to_string(), cause })?;
            readers.push(reader);
        }
        Ok(Self(Arc::new(readers)))
    }

    pub fn locate(&self, address: IpAddr) -> Location {
        self.0.iter().find_map(|reader| look_up(reader, address)).unwrap_or_default()
    }
}

/// A file of the other version of IP answers with an error, which is the same as knowing nothing.
fn look_up(reader: &Reader<Vec<u8>>, address: IpAddr) -> Option<Location> {
    let record: Record = reader.lookup(address).ok()?.decode().ok()??;
    Some(Location {
        country: record.country_code,
        region: record.state1,
        city: record.city,
        lat: record.latitude,
        lon: record.longitude,
    })
}
