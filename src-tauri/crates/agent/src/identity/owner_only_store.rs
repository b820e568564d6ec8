//! Secrets in files that only their owner can read, for computers without a keyring.

use std::fs;
use std::path::PathBuf;

use super::owner_only_file::OwnerOnlyFile;
use super::secret_store::{SecretStore, StoreTrouble};
use super::trouble::Trouble;

/// Keeps each text in a file of its own in one folder; the name of a text is the name of its file.
#[derive(Debug, Clone)]
pub struct OwnerOnlyStore {
    folder: PathBuf,
}

impl OwnerOnlyStore {
    /// The files of a folder, which is made when it is needed.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn file(&self, name: &str) -> OwnerOnlyFile {
        OwnerOnlyFile::named(self.folder.clone(), name)
    }
}

impl SecretStore for OwnerOnlyStore {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        let text = self.file(name).read_text().map_err(trouble)?;
        Ok(text.map(|text| text.trim_end().to_owned()))
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        fs::create_dir_all(&self.folder)
            .map_err(|error| StoreTrouble::Failed(format!("{}: {error}", self.folder.display())))?;
        self.file(name).replace_text(secret).map_err(trouble)
    }

    fn delete(&self, name: &str) -> Result<(), StoreTrouble> {
        self.file(name).delete().map_err(trouble)
    }
}

fn trouble(trouble: Trouble) -> StoreTrouble {
    match trouble {
        Trouble::UnsafeFile { path, fault } => {
            StoreTrouble::Failed(format!("the file {} is not safe: it {fault}", path.display()))
        }
        Trouble::File { path, source } => {
            StoreTrouble::Failed(format!("the file {} cannot be used: {source}", path.display()))
        }
        _ => StoreTrouble::Damaged("not text".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_for_its_owner_alone_replaced_and_gone_when_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let store = OwnerOnlyStore::in_folder(folder.path().join("codes"));
        assert_eq!(store.read("one"), Ok(None));
        store.write("one", "first").unwrap();
        store.write("one", "second").unwrap();
        store.write("two", "other").unwrap();
        assert_eq!(store.read("one"), Ok(Some("second".to_owned())));
        let names = || fs::read_dir(folder.path().join("codes")).unwrap().count();
        assert_eq!(names(), 2, "what was replaced is gone");
        store.delete("one").unwrap();
        store.delete("one").unwrap();
        assert_eq!((store.read("one"), names()), (Ok(None), 1));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = OwnerOnlyStore::in_folder(folder.path().to_owned());
        store.write("one", "secret").unwrap();
        let file = folder.path().join("one");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        for result in [store.read("one").map(drop), store.write("one", "other")] {
            assert!(result.unwrap_err().to_string().contains("can be read by others"));
        }
    }
}
