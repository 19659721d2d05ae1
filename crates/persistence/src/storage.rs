//! Where the bytes of documents and of the pictures on them are kept: in the database, or, where an operator
//! says so, in a folder or in an object store. The database says in either case what there is.
//!
//! Bytes are kept by their SHA-256, so that the same ones may be put twice, by two at once, and again after
//! a failure. They are put before the transaction that says that they are there, and never within it: what
//! is written while a database waits is slow, and bytes that nothing names do no harm.

use std::collections::HashMap;
use std::path::Path as FsPath;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use domain::id::WorkspaceId;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, RetryConfig};
use sea_orm::sea_query::{Alias, Expr, Func, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

use crate::column::DbId;
use crate::entity::credential::stored_file;
use crate::error::Fault;
use crate::store::Store;

/// How often, and for how long, an object store is asked again that does not answer.
const TRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(20);
/// How many are put, or read, at the same time.
const AT_ONCE: usize = 8;

/// Where bytes are kept, if not in the database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
}

/// Why bytes cannot be kept there.
#[derive(Debug, thiserror::Error)]
pub enum StorageFault {
    /// Neither a folder nor the address of a bucket.
    #[error("use a folder, or s3://BUCKET/PREFIX")]
    Address,
    /// The folder cannot be made.
    #[error("the folder cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// What the object store says, or the library that speaks with it.
    #[error("{0}")]
    Objects(#[from] object_store::Error),
}

impl Storage {
    /// A folder, which is made if there is none, or `s3://BUCKET/PREFIX`. How a bucket is reached is said by
    /// the variables of the environment that tools for it have in common: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`.
    ///
    /// # Errors
    ///
    /// What is wrong with the address. Whether anything answers there is seen by [`Storage::probe`].
    pub fn at(address: &str) -> Result<Self, StorageFault> {
        let Some(bucket) = address.strip_prefix("s3://") else {
            let folder = address.strip_prefix("file://").unwrap_or(address);
            if folder.is_empty() || folder.contains("://") {
                return Err(StorageFault::Address);
            }
            return Self::in_folder(FsPath::new(folder));
        };
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if bucket.is_empty() {
            return Err(StorageFault::Address);
        }
        let prefix = Path::from_url_path(prefix).map_err(|_no_path| StorageFault::Address)?;
        // Whoever was first has said which one; there is one for the whole program.
        drop(rustls::crypto::ring::default_provider().install_default());
        let objects = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(RetryConfig {
                max_retries: TRIES,
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            })
            .build()?;
        Ok(Self {
            objects: Arc::new(objects),
            prefix,
        })
    }

    fn in_folder(folder: &FsPath) -> Result<Self, StorageFault> {
        std::fs::create_dir_all(folder)?;
        // What the database says is there must be there, also after the power was cut.
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self {
            objects: Arc::new(objects),
            prefix: Path::default(),
        })
    }

    /// Puts something down, reads it and takes it away again: who may do that may do all that is needed.
    ///
    /// # Errors
    ///
    /// Why that cannot be done.
    pub async fn probe(&self) -> Result<(), StorageFault> {
        let path = self.prefix.clone().join("probe");
        self.objects.put(&path, "probe".into()).await?;
        self.objects.get(&path).await?.bytes().await?;
        Ok(self.objects.delete(&path).await?)
    }

    fn path(&self, workspace: WorkspaceId, hash: &str) -> Path {
        // Folders of thousands are slow to list.
        let drawer = hash.get(..2).unwrap_or(hash).to_owned();
        let of = workspace.to_string();
        let prefix = self.prefix.clone();
        prefix.join(of).join(drawer).join(hash.to_owned())
    }

    async fn put(self, path: Path, bytes: Vec<u8>) -> Result<(), Fault> {
        self.objects.put(&path, bytes.into()).await?;
        Ok(())
    }

    async fn get(self, path: Path, hash: String) -> Result<(String, Vec<u8>), Fault> {
        let bytes = self.objects.get(&path).await?.bytes().await?;
        if HEXLOWER.encode(&Sha256::digest(&bytes)) == hash {
            Ok((hash, bytes.to_vec()))
        } else {
            Err(Fault::Altered(hash))
        }
    }
}

/// Bytes that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Their SHA-256, in hexadecimal.
    pub hash: String,
    /// What they are.
    pub media_type: String,
    /// Them.
    pub bytes: Vec<u8>,
}

impl StoredFile {
    /// Bytes of a kind.
    pub fn new(media_type: &str, bytes: Vec<u8>) -> Self {
        Self {
            hash: HEXLOWER.encode(&Sha256::digest(&bytes)),
            media_type: media_type.to_owned(),
            bytes,
        }
    }
}

impl Store {
    /// Puts bytes where they are kept, if that is not the database. To be done before it is told to the
    /// database that they are there ([`Store::put_file`]), and outside of any transaction.
    pub(crate) async fn put_away<'a>(
        &self,
        workspace: WorkspaceId,
        files: impl IntoIterator<Item = &'a StoredFile>,
    ) -> Result<(), Fault> {
        let Some(storage) = self.storage() else {
            return Ok(());
        };
        let mut under_way = JoinSet::new();
        for file in files {
            if under_way.len() >= AT_ONCE {
                ended(under_way.join_next().await)?;
            }
            let path = storage.path(workspace, &file.hash);
            under_way.spawn(storage.clone().put(path, file.bytes.clone()));
        }
        while let Some(one) = under_way.join_next().await {
            ended(Some(one))?;
        }
        Ok(())
    }

    /// Says that there are these bytes; and keeps them, where they are kept in the database. The same ones
    /// are kept once.
    pub(crate) async fn put_file(
        &self,
        on: &impl ConnectionTrait,
        workspace: WorkspaceId,
        file: &StoredFile,
    ) -> Result<(), Fault> {
        let is_elsewhere = self.storage().is_some();
        let row = stored_file::Model {
            hash: file.hash.clone(),
            workspace_id: DbId(workspace),
            media_type: file.media_type.clone(),
            bytes: (!is_elsewhere).then(|| file.bytes.clone()),
            created_at: self.now(),
        };
        // Where they were kept elsewhere and are kept here now, they are put here.
        let bytes = Expr::col((stored_file::Entity, stored_file::Column::Bytes));
        let given = Expr::col((Alias::new("excluded"), stored_file::Column::Bytes));
        let unless_there =
            OnConflict::columns([stored_file::Column::Hash, stored_file::Column::WorkspaceId])
                .value(stored_file::Column::Bytes, Func::coalesce([bytes, given]))
                .to_owned();
        stored_file::Entity::insert(row.into_active_model())
            .on_conflict(unless_there)
            .exec_without_returning(on)
            .await?;
        Ok(())
    }

    /// Bytes by their hash, of those that are kept for an office. One statement, and one request for each
    /// that is kept elsewhere.
    pub(crate) async fn files(
        &self,
        workspace: WorkspaceId,
        hashes: impl IntoIterator<Item = String>,
    ) -> Result<HashMap<String, StoredFile>, Fault> {
        let rows = stored_file::Entity::find()
            .filter(stored_file::Column::WorkspaceId.eq(DbId(workspace)))
            .filter(stored_file::Column::Hash.is_in(hashes))
            .all(self.read())
            .await?;
        let mut found = HashMap::with_capacity(rows.len());
        let mut under_way = JoinSet::new();
        for row in rows {
            let file = StoredFile {
                hash: row.hash.clone(),
                media_type: row.media_type,
                bytes: row.bytes.unwrap_or_default(),
            };
            // Nothing of ours is empty: that is kept elsewhere.
            if file.bytes.is_empty() {
                let storage = self.storage().ok_or(Fault::Elsewhere)?;
                if under_way.len() >= AT_ONCE {
                    read(under_way.join_next().await, &mut found)?;
                }
                let path = storage.path(workspace, &row.hash);
                under_way.spawn(storage.clone().get(path, row.hash.clone()));
            }
            found.insert(row.hash, file);
        }
        while let Some(one) = under_way.join_next().await {
            read(Some(one), &mut found)?;
        }
        Ok(found)
    }
}

type Joined<T> = Option<Result<Result<T, Fault>, tokio::task::JoinError>>;

/// What became of one of them.
fn ended<T>(joined: Joined<T>) -> Result<Option<T>, Fault> {
    match joined {
        None => Ok(None),
        Some(Ok(done)) => done.map(Some),
        Some(Err(broke)) => Err(Fault::Broke(broke.to_string())),
    }
}

fn read(
    joined: Joined<(String, Vec<u8>)>,
    found: &mut HashMap<String, StoredFile>,
) -> Result<(), Fault> {
    if let Some((hash, bytes)) = ended(joined)?
        && let Some(file) = found.get_mut(&hash)
    {
        file.bytes = bytes;
    }
    Ok(())
}
