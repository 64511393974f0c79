//! A pack, a config and a secret, opened for a folder of exports.

use std::path::{Path, PathBuf};

use sagstjek::locale::Lang;
use sagstjek::night::Book;
use sagstjek::privacy::Gate;

use super::{base_files, extra_files, failure, show_mistakes, shown};
use crate::args::{OutputArgs, PackArgs};

/// Name of the config beside the exports.
pub(super) const CONFIG: &str = "sagstjek.toml";

/// What a command needs before it reads exports.
pub(super) struct Opened {
    /// Pack, rules and config.
    pub(super) book: Book,
    /// The language asked for, else the config's.
    pub(super) lang: Lang,
    root: PathBuf,
    config: Option<ConfigText>,
}

/// A config file as found.
struct ConfigText {
    path: PathBuf,
    text: String,
}

impl Opened {
    /// Opens the pack, and the config that the user names, else the one beside the exports at `root`.
    pub(super) fn at(root: &Path, config: Option<&Path>, pack: &PackArgs, output: &OutputArgs) -> Result<Opened, String> {
        let asked = super::lang(output);
        if !root.exists() {
            return Err(failure(&format!("{} {}", shown(root), asked.pick("findes ikke", "does not exist")), asked));
        }
        let folder = if root.is_dir() { root } else { root.parent().unwrap_or(Path::new("")) };
        let beside = || Some(folder.join(CONFIG)).filter(|path| path.exists());
        let path = config.map(Path::to_owned).or_else(beside);
        Opened::with(root, path, pack, output)
    }

    /// Opens the pack, with the config at a path.
    pub(super) fn with(root: &Path, config: Option<PathBuf>, pack: &PackArgs, output: &OutputArgs) -> Result<Opened, String> {
        let asked = super::lang(output);
        let config = config.map(|path| read(path, asked)).transpose()?;
        let named = config.as_ref().map(|config| (shown(&config.path), config.text.as_str()));
        let named = named.as_ref().map(|(path, text)| (path.as_str(), *text));
        let book = Book::open(base_files(pack, asked)?, extra_files(pack, asked)?, named)
            .map_err(|m| show_mistakes(&m, output, asked))?;
        let lang = output.lang.map(Lang::from).or(book.config.lang).unwrap_or_default();
        Ok(Opened { book, lang, root: root.to_owned(), config })
    }

    /// What may be shown, under the secret of the environment, else of the file that the config names.
    pub(super) fn gate(&self, show_personal: bool) -> Result<Gate, String> {
        let secret = std::env::var_os("SAGSTJEK_SECRET").filter(|value| !value.is_empty());
        let secret = match (secret, self.secret_file()) {
            (Some(value), _) => Some(value.into_encoded_bytes()),
            (None, None) => None,
            (None, Some(path)) => {
                let fail = |error| failure(&format!("secret_file {}: {error}", shown(&path)), self.lang);
                Some(std::fs::read(&path).map_err(fail)?)
            }
        };
        Ok(Gate::new(secret.as_deref(), show_personal))
    }

    fn secret_file(&self) -> Option<PathBuf> {
        let folder = self.config.as_ref()?.path.parent().unwrap_or(Path::new(""));
        Some(folder.join(self.book.config.secret_file.as_ref()?))
    }

    /// Config and secret lie beside the exports but are none.
    pub(super) fn own_files(&self) -> Vec<String> {
        let config = self.config.iter().map(|config| config.path.clone());
        let own = config.chain(self.secret_file());
        own.filter_map(|path| path.strip_prefix(&self.root).map(shown).ok()).collect()
    }
}

fn read(path: PathBuf, lang: Lang) -> Result<ConfigText, String> {
    let bytes = std::fs::read(&path).map_err(|error| failure(&format!("{}: {error}", shown(&path)), lang))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(ConfigText { path, text }),
        Err(_) => {
            let why = lang.pick("filen er ikke gemt som UTF-8", "the file is not saved as UTF-8");
            Err(failure(&format!("{}: {why}", shown(&path)), lang))
        }
    }
}
