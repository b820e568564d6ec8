//! News from Redis: one connection, whatever is subscribed to; made again when it is lost.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use protocol::codes::Channel;
use redis::aio::{ConnectionManager, PubSubSink, PubSubStream};
use redis::{AsyncTypedCommands, Client, Msg};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::super::news::{number, padded};
use super::super::{Ear, Fence, News, RelayId};
use super::PATIENCE;
use super::names::{channel_of, relay_channel};
use super::readiness::Readiness;

const AGAIN_AFTER: Duration = Duration::from_millis(250);
/// Names that are given up with one command.
const STOP_AT_ONCE: usize = 1_024;

/// What the relay wants of the listener.
pub(super) enum Wish {
    /// These names' news, from the moment when `done` hears of it.
    Listen {
        names: Vec<Vec<u8>>,
        done: oneshot::Sender<()>,
    },
    /// No longer these.
    Stop { names: Vec<Vec<u8>> },
}

pub(super) struct Listening {
    pub id: RelayId,
    pub client: Client,
    pub commands: ConnectionManager,
    pub readiness: Arc<Readiness>,
    pub asked: Arc<Mutex<HashMap<u64, oneshot::Sender<()>>>>,
    pub ear: Weak<dyn Ear>,
}

impl Listening {
    pub async fn run(self, mut wishes: mpsc::UnboundedReceiver<Wish>) {
        let mut wanted = HashSet::from([relay_channel(self.id)]);
        loop {
            if let Ok(Ok(pubsub)) = timeout(PATIENCE, self.client.get_async_pubsub()).await {
                let (mut sink, stream) = pubsub.split();
                let names: Vec<_> = wanted.iter().cloned().collect();
                if let Ok(Ok(())) = timeout(PATIENCE, sink.subscribe(&names)).await {
                    if self.readiness.listens(true)
                        && let Some(ear) = self.ear.upgrade()
                    {
                        ear.came_back();
                    }
                    if self.listen(&mut wishes, &mut wanted, sink, stream).await.is_none() {
                        return;
                    }
                }
            }
            self.readiness.listens(false);
            sleep(AGAIN_AFTER).await;
            // Whoever wished meanwhile hears that it is not done; what it wants is kept for when Redis is back.
            while let Ok(wish) = wishes.try_recv() {
                match wish {
                    Wish::Listen { names, .. } => wanted.extend(names),
                    Wish::Stop { names } => forget(&mut wanted, &names),
                }
            }
            if wishes.is_closed() {
                return;
            }
        }
    }

    /// Until the connection is lost; none when nobody wishes anything any more.
    async fn listen(
        &self,
        wishes: &mut mpsc::UnboundedReceiver<Wish>,
        wanted: &mut HashSet<Vec<u8>>,
        mut sink: PubSubSink,
        mut stream: PubSubStream,
    ) -> Option<()> {
        loop {
            tokio::select! {
                wish = wishes.recv() => match wish? {
                    Wish::Listen { names, done } => {
                        if !subscribe(&mut sink, wanted, names, done).await {
                            return Some(());
                        }
                    }
                    Wish::Stop { names } => {
                        let (names, then) = all_to_stop(names, wishes);
                        forget(wanted, &names);
                        if !matches!(timeout(PATIENCE, sink.unsubscribe(&names)).await, Ok(Ok(()))) {
                            return Some(());
                        }
                        // It came after them: whoever left and came back is listened to.
                        if let Some((names, done)) = then
                            && !subscribe(&mut sink, wanted, names, done).await
                        {
                            return Some(());
                        }
                    }
                },
                message = stream.next() => match message {
                    Some(message) => self.hear(&message),
                    None => return Some(()),
                },
            }
        }
    }

    fn hear(&self, message: &Msg) {
        let Some(ear) = self.ear.upgrade() else { return };
        let bytes = Bytes::copy_from_slice(message.get_payload_bytes());
        let name = message.get_channel_name().as_bytes();
        let Some(channel) = channel_of(name) else {
            self.question_or_answer(&*ear, &bytes);
            return;
        };
        if let Some(news) = News::read(&bytes) {
            ear.hear(channel, news);
        } else {
            tracing::warn!("Redis has news that this version does not know");
        }
    }

    fn question_or_answer(&self, ear: &dyn Ear, bytes: &Bytes) {
        if let Some(number) = bytes.strip_prefix(b"Y").and_then(<[u8]>::first_chunk) {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(waits) = asked.remove(&u64::from_be_bytes(*number)) {
                // It may have waited long enough.
                let _ = waits.send(());
            }
        } else if let Some((asks, number, channel, fence)) = read_question(bytes) {
            let mut commands = self.commands.clone();
            let answer = [b"Y", &number.to_be_bytes()[..]].concat();
            let send = move || {
                tokio::spawn(async move {
                    // Without an answer the asking relay takes the silence for one.
                    drop(commands.publish(relay_channel(asks), answer).await);
                });
            };
            ear.probe(channel, fence, Box::new(send));
        }
    }
}

async fn subscribe(
    sink: &mut PubSubSink,
    wanted: &mut HashSet<Vec<u8>>,
    names: Vec<Vec<u8>>,
    done: oneshot::Sender<()>,
) -> bool {
    wanted.extend(names.iter().cloned());
    let subscribed = matches!(timeout(PATIENCE, sink.subscribe(&names)).await, Ok(Ok(())));
    if subscribed {
        // Whoever wished may be gone.
        let _ = done.send(());
    }
    subscribed
}

fn forget(wanted: &mut HashSet<Vec<u8>>, names: &[Vec<u8>]) {
    for name in names {
        wanted.remove(name);
    }
}

/// What is to be listened to, and who wants to know when it is.
type ToListen = (Vec<Vec<u8>>, oneshot::Sender<()>);

/// These names and those of the wishes that follow and are of the same kind: thousands may leave at once. The first of the other
/// kind ends them.
fn all_to_stop(
    mut names: Vec<Vec<u8>>,
    wishes: &mut mpsc::UnboundedReceiver<Wish>,
) -> (Vec<Vec<u8>>, Option<ToListen>) {
    while names.len() < STOP_AT_ONCE {
        match wishes.try_recv() {
            Ok(Wish::Stop { names: more }) => names.extend(more),
            Ok(Wish::Listen { names: wanted, done }) => return (names, Some((wanted, done))),
            Err(_) => break,
        }
    }
    (names, None)
}

/// Asks a relay whether the agent with a claim still runs.
pub(super) fn question(asks: RelayId, number: u64, channel: Channel, fence: Fence) -> Vec<u8> {
    [b"P", &asks.0[..], &number.to_be_bytes(), &channel.0, &padded(fence)].concat()
}

fn read_question(bytes: &[u8]) -> Option<(RelayId, u64, Channel, Fence)> {
    let (asks, rest) = bytes.strip_prefix(b"P")?.split_first_chunk()?;
    let (question, rest) = rest.split_first_chunk()?;
    let (channel, fence) = rest.split_first_chunk()?;
    Some((
        RelayId(*asks),
        u64::from_be_bytes(*question),
        Channel(*channel),
        number(fence)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_who_leave_at_once_are_one_command_and_who_comes_after_them_stays() {
        let (send, mut wishes) = mpsc::unbounded_channel();
        let name = |k: u32| k.to_be_bytes().to_vec();
        for k in 1..10 {
            send.send(Wish::Stop { names: vec![name(k)] }).ok().unwrap();
        }
        let (done, _heard) = oneshot::channel();
        let names = vec![name(3)];
        send.send(Wish::Listen { names, done }).ok().unwrap();
        send.send(Wish::Stop { names: vec![name(10)] }).ok().unwrap();
        let (names, then) = all_to_stop(vec![name(0)], &mut wishes);
        assert_eq!(names, (0..10).map(name).collect::<Vec<_>>());
        assert_eq!(then.unwrap().0, [name(3)]);
        let mut wanted: HashSet<_> = (0..12).map(name).collect();
        forget(&mut wanted, &names);
        assert_eq!(wanted, HashSet::from([name(10), name(11)]));
    }

    #[test]
    fn a_question_comes_back_from_its_bytes() {
        let (asks, channel) = (RelayId([1; 16]), Channel([2; 16]));
        let bytes = question(asks, 7, channel, 8);
        assert_eq!(read_question(&bytes), Some((asks, 7, channel, 8)));
        assert_eq!(read_question(&bytes[..40]), None);
    }
}
