//! Relays, agents and viewers of a test, and the roads between them.

use std::sync::Arc;
use std::time::Duration;

use remote::following::Code;

use super::lab::Lab;
use super::onlooker::Onlooker;
use super::redis_process::RedisProcess;
use super::road::Road;
use super::server::Server;

/// What relays share in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    Memory,
    Redis,
}

/// Everybody who plays in a test.
pub struct Stage {
    pub servers: Vec<Server>,
    pub redis: Option<RedisProcess>,
    pub labs: Vec<Arc<Lab>>,
    /// The viewers of each lab.
    pub onlookers: Vec<Vec<Arc<Onlooker>>>,
    /// A way to the first relay that nobody takes by itself.
    pub spare: Road,
}

impl Stage {
    /// So many labs, each with so many viewers, of which the first may steer. Labs are led to the first relay, viewers to the
    /// last; nobody has begun yet.
    pub async fn set(shared: Shared, relays: usize, labs: usize, viewers: usize, steering: usize) -> Self {
        let redis = (shared == Shared::Redis).then(|| RedisProcess::start(false));
        let spare = Road::new().await;
        let mut names = vec![spare.authority.clone()];
        let (mut all_labs, mut all_onlookers) = (Vec::new(), Vec::new());
        for number in 0..labs {
            let lab = Lab::new(&format!("LAB-{number}")).await;
            names.push(lab.road.authority.clone());
            let mut onlookers = Vec::new();
            for viewer in 0..viewers {
                let code = if viewer < steering {
                    Code::Owner(lab.id)
                } else {
                    Code::ViewOnly(lab.id.view_only_code(1))
                };
                let onlooker = Onlooker::new(format!("viewer {viewer} of {}", lab.name), code).await;
                onlookers.push(Arc::new(onlooker));
            }
            all_labs.push(Arc::new(lab));
            all_onlookers.push(onlookers);
        }
        let mut servers = Vec::new();
        for _ in 0..relays {
            let address = redis.as_ref().map(RedisProcess::address);
            servers.push(Server::start(names.clone(), address).await);
        }
        let (first, last) = (servers[0].place, servers[relays - 1].place);
        spare.lead_to(first);
        for lab in &all_labs {
            lab.road.lead_to(first);
        }
        all_onlookers.iter().flatten().for_each(|o| o.road.lead_to(last));
        Self {
            servers,
            redis,
            labs: all_labs,
            onlookers: all_onlookers,
            spare,
        }
    }

    /// Everybody begins.
    pub async fn begin(&self) {
        for (lab, onlookers) in self.labs.iter().zip(&self.onlookers) {
            lab.start().await;
            lab.begin_session().await;
            for onlooker in onlookers {
                onlooker.look_anew().await;
            }
        }
    }

    /// Labs with their viewers.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<Lab>, &Vec<Arc<Onlooker>>)> {
        self.labs.iter().zip(&self.onlookers)
    }

    /// Waits until everybody has all there is, after one more entry.
    pub async fn all_have_everything(&self, patience: Duration) {
        for (lab, onlookers) in self.all() {
            lab.conclude().await;
            for onlooker in onlookers {
                onlooker.has_everything_of(lab, patience).await;
                onlooker.live().await;
            }
        }
    }

    /// Heals every road.
    pub fn heal(&self) {
        self.labs.iter().for_each(|lab| lab.road.heal());
        self.onlookers
            .iter()
            .flatten()
            .for_each(|onlooker| onlooker.road.heal());
    }
}
