//! TLS by the relay itself, where no proxy does it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or has none.
    #[error("{0} has no usable {1}: {2}")]
    File(PathBuf, &'static str, String),
    /// Certificate and key do not belong together, or are of an unknown kind.
    #[error("the certificate cannot be used: {0}")]
    Certificate(#[from] rustls::Error),
}

/// A certificate and its key; they can be read again when they were renewed.
#[derive(Clone)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Tls {
    /// Reads a certificate chain and its private key, both PEM.
    ///
    /// # Errors
    /// They cannot be used.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            config: Arc::new(RwLock::new(config(certificate, key)?)),
        })
    }

    /// Reads the same files again, for connections that come from now on. On an error the certificate before stays.
    ///
    /// # Errors
    /// They cannot be used.
    pub fn read_again(&self) -> Result<(), TlsError> {
        let config = config(&self.certificate, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&config))
    }
}

fn config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let wrong = |path: &Path, what, error: &dyn ToString| TlsError::File(path.to_owned(), what, error.to_string());
    let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(certificate, "certificate", &error))?;
    if chain.is_empty() {
        let nothing = io::Error::other("it has no CERTIFICATE section");
        return Err(wrong(certificate, "certificate", &nothing));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, "private key", &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
