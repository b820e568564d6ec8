//! The socket that a relay listens on.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Connections that may wait to be taken.
const BACKLOG: i32 = 1_024;

/// Why a relay cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program has the address.
    #[error("{0} is in use by another program")]
    Occupied(SocketAddr),
    /// The system refuses.
    #[error("{0} cannot be listened on: {1}")]
    Refused(SocketAddr, io::Error),
}

/// Listens on an address, at once also after a crash: connections of the program before that still end are no obstacle.
///
/// # Errors
/// The address is in use, or not one of this computer.
pub fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let bound = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // On Windows this would let two programs have the same address.
        #[cfg(not(windows))]
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        TcpListener::from_std(socket.into())
    };
    bound().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ListenError::Occupied(address),
        _ => ListenError::Refused(address, error),
    })
}
