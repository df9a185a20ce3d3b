//! Nothing is answered before it is durable, what belongs together happens together, and the log keeps
//! everything: the write seam, the real program killed without warning, the order of its system calls,
//! and the chain.

mod answer;
mod kill;
mod log;
mod seam;
