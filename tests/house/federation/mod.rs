//! Upstream providers: an independent one in three shapes, and a hostile one that we write ourselves.

mod attacks;
mod between;
mod calls;
pub mod hostile;
mod journeys;
mod keys;
mod last_way;
mod links;
mod shapes;
mod upstream;
pub mod world;
