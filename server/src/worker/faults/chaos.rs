//! A mail server that lets every step of the conversation go wrong at some time, and remembers what it took.

mod conversation;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::conversation::Conversation;
use super::plan::{Mood, Moods, Stage};

/// A mail may come twice if its sender was cut off so shortly after the server had all of it. Long, since a busy
/// machine needs its time to write down what the server said.
const JUST_TAKEN: Duration = Duration::from_secs(5);

/// The server.
#[derive(Clone)]
pub(super) struct Chaos {
    state: Arc<Mutex<State>>,
    is_away: watch::Sender<bool>,
}

struct State {
    moods: Moods,
    tally: Tally,
    taken: Vec<Taken>,
    refusals: Vec<Refusal>,
}

/// How often what went wrong.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) later: usize,
    pub(super) never: usize,
    pub(super) silences: usize,
    pub(super) hang_ups: usize,
    /// Connections that came while the server was away.
    pub(super) in_vain: usize,
}

/// A mail that the server took.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) message_id: String,
    pub(super) to: String,
    /// Who handed it over: one life of one node.
    life: usize,
    at: Instant,
    fate: Fate,
}

/// What became of the server's word that it took a mail.
#[derive(Debug, Clone)]
enum Fate {
    /// It was said; whether it was heard is not known yet.
    Said,
    /// The client went on, so it has heard it.
    Heard,
    /// It was not said, as planned.
    Unsaid,
    /// The connection ended before the client went on.
    BrokenOff(Instant),
}

/// Why a mail may come again although the server has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Nobody can know what was said in a conversation that broke off.
    BrokenOff,
    /// This life was ended before it could write down what the server said.
    Killed(usize),
}

impl Taken {
    /// The doubt in which it left its sender, if any. `killed` tells when each life was ended that was killed.
    pub(super) fn doubt(&self, killed: &[Option<Instant>]) -> Option<Doubt> {
        let is_just_after = |end: Instant| end >= self.at && end - self.at < JUST_TAKEN;
        match self.fate {
            Fate::Unsaid => Some(Doubt::BrokenOff),
            _ if killed[self.life].is_some_and(is_just_after) => Some(Doubt::Killed(self.life)),
            Fate::BrokenOff(end) if is_just_after(end) => Some(Doubt::BrokenOff),
            Fate::Said | Fate::Heard | Fate::BrokenOff(_) => None,
        }
    }

    /// Whether the server has said that it took it.
    pub(super) fn was_said(&self) -> bool {
        !matches!(self.fate, Fate::Unsaid)
    }
}

/// A mail that the server refused for good. Its number stands in the server's words.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) to: String,
    /// Known if the server had seen the content.
    pub(super) message_id: Option<String>,
}

/// One life's way in; it is closed when this is dropped.
pub(super) struct Door {
    pub(super) url: String,
    task: JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Chaos {
    pub(super) fn new(seed: u64) -> Self {
        let state = State { moods: Moods::new(seed), tally: Tally::default(), taken: Vec::new(), refusals: Vec::new() };
        Self { state: Arc::new(Mutex::new(state)), is_away: watch::Sender::new(false) }
    }

    /// Opens a port for one life of one node, so that the server knows with whom it talks.
    pub(super) async fn open(&self, life: usize) -> Door {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let chaos = self.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if *chaos.is_away.borrow() {
                    chaos.state().tally.in_vain += 1;
                    continue;
                }
                let (chaos, mut is_away) = (chaos.clone(), chaos.is_away.subscribe());
                tokio::spawn(async move {
                    let mut conversation = Conversation::new(&chaos, life, stream);
                    tokio::select! {
                        _ = conversation.hold() => {}
                        _ = is_away.wait_for(|is_away| *is_away) => {}
                    }
                });
            }
        });
        Door { url: format!("smtp://samlop:hemmelig@127.0.0.1:{port}"), task }
    }

    /// Breaks off all conversations and begins no new one, or is there again.
    pub(super) fn be_away(&self, is_away: bool) {
        self.is_away.send_replace(is_away);
    }

    /// From now on does everything right.
    pub(super) fn calm_down(&self) {
        self.state().moods.calm_down();
    }

    pub(super) fn tally(&self) -> Tally {
        self.state().tally
    }

    /// The mails that it took, the oldest first.
    pub(super) fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }

    /// The mail that it refused with these words.
    pub(super) fn refusal(&self, words: &str) -> Option<Refusal> {
        let (_, number) = words.split_once(REFUSAL)?;
        self.state().refusals.get(number.parse::<usize>().ok()?).cloned()
    }

    fn next_mood(&self, stage: Stage) -> Mood {
        let mut known = self.state();
        let mood = known.moods.next(stage);
        let tally = &mut known.tally;
        match mood {
            Mood::Usual => {}
            Mood::Later => tally.later += 1,
            Mood::Never => tally.never += 1,
            Mood::Silence | Mood::TakeInSilence => tally.silences += 1,
            Mood::HangUp | Mood::TakeAndHangUp => tally.hang_ups += 1,
        }
        mood
    }

    /// The words with which it refuses a mail.
    fn refuse(&self, to: &str, message_id: Option<&str>) -> String {
        let refusals = &mut self.state().refusals;
        refusals.push(Refusal { to: to.to_owned(), message_id: message_id.map(str::to_owned) });
        format!("554 5.6.0 {REFUSAL}{}", refusals.len() - 1)
    }

    /// Keeps a mail, and says where.
    fn take(&self, life: usize, to: &str, message_id: &str, fate: Fate) -> usize {
        let taken = &mut self.state().taken;
        let (to, message_id) = (to.to_owned(), message_id.to_owned());
        taken.push(Taken { message_id, to, life, at: Instant::now(), fate });
        taken.len() - 1
    }

    fn settle(&self, copy: usize, fate: Fate) {
        self.state().taken[copy].fate = fate;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

const REFUSAL: &str = "refused as number ";
