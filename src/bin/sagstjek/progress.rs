//! A bar on stderr while a run takes its time. It is gone when the run is done, so that the report stands alone.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{sync::Arc, thread};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use sagstjek::locale::Lang;
use sagstjek::progress::Progress;

use crate::terminal;

/// How long a run goes without a bar.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

/// Draws until it is dropped.
pub(crate) struct Bar {
    progress: Arc<Progress>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    /// A bar, if there is somebody at a terminal to see it.
    pub(crate) fn new(lang: Lang) -> Bar {
        let progress = Arc::new(Progress::default());
        let watched = progress.clone();
        let drawing = terminal::shows_progress().then(|| {
            let (stop, stopped) = channel();
            (stop, thread::spawn(move || draw(&watched, lang, &stopped)))
        });
        Bar { progress, drawing }
    }

    /// What it shows.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.drawing.take() {
            drop(stop);
            // Its only fault can be that nothing was drawn.
            let _ = thread.join();
        }
    }
}

fn draw(progress: &Progress, lang: Lang, stopped: &Receiver<()>) {
    if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:40}] {msg}") {
        bar.set_style(style.progress_chars("=> "));
    }
    loop {
        show(&bar, progress, lang);
        if stopped.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    bar.finish_and_clear();
}

/// The stage that is going on: judging begins when all is read.
fn show(bar: &ProgressBar, progress: &Progress, lang: Lang) {
    let (read, to_read) = progress.reading.state();
    let (judged, to_judge) = progress.judging.state();
    let (what, done, all) = match (to_judge, read < to_read) {
        (0, true) => (lang.pick("Læser", "Reading"), read, to_read),
        (0, false) => (lang.pick("Ordner", "Joining"), to_read, to_read),
        _ => (lang.pick("Vurderer", "Judging"), judged, to_judge),
    };
    let message = match to_judge {
        0 => format!("{} / {}", HumanBytes(read), HumanBytes(to_read)),
        _ => format!("{} %", judged * 100 / to_judge),
    };
    bar.set_length(all.max(1));
    bar.set_position(done);
    bar.set_prefix(format!("{what:8}"));
    bar.set_message(message);
    bar.tick();
}
