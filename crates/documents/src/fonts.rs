//! What there is to set with.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;
use typst_kit::fonts::{FontStore, scan, system};

use crate::glyphs;

/// The cuts that the press brings along. Where they are from, and under which licence, is in
/// `fonts/README.md`.
const EMBEDDED: [&[u8]; 6] = [
    include_bytes!("../fonts/LibertinusSerif-Regular.otf"),
    include_bytes!("../fonts/LibertinusSerif-Italic.otf"),
    include_bytes!("../fonts/LibertinusSerif-Semibold.otf"),
    include_bytes!("../fonts/NotoSerifSC-Regular.ttf"),
    include_bytes!("../fonts/NotoSerifSC-SemiBold.ttf"),
    include_bytes!("../fonts/MaShanZheng-Titles.ttf"),
];
const LATIN: &str = "Libertinus Serif";
const CHINESE: &str = "Noto Serif SC";
const TITLES: &str = "Ma Shan Zheng";
/// Families with the Chinese forms of characters, for those that our cut has not; the first that is there.
/// Without a name the nearest family would do, which may draw the Japanese form.
const FULL_CHINESE: [&str; 9] = [
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "SimSun",
    "SimSun-ExtB",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
];

/// Which fonts there are besides those that the press brings along.
///
/// What a text is set in is the first of these that has the character: the families in
/// [`preferred`](Self::preferred); then our own (Libertinus Serif for Latin, Greek and Cyrillic, the common
/// characters of Noto Serif SC for Chinese); then a full Chinese family by its name, such as Noto Serif CJK SC;
/// then whatever has it. Fonts of [`directories`](Self::directories) go before those of the system. So a letter looks the same
/// on every machine, unless a name has a character that only a machine's own fonts have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontSettings {
    /// Families that go before our own, from wherever they are.
    pub preferred: Vec<String>,
    /// Folders with fonts, searched to the bottom.
    pub directories: Vec<PathBuf>,
    /// Whether the fonts of the system are used.
    pub system: bool,
}

impl Default for FontSettings {
    fn default() -> Self {
        Self {
            preferred: Vec::new(),
            directories: Vec::new(),
            system: true,
        }
    }
}

/// The fonts at hand.
pub(crate) struct Fonts {
    store: FontStore,
    /// As many of the first are our own, and known to tell the truth.
    own: usize,
    preferred: Vec<String>,
    /// Characters that were asked for among fonts that are not ours.
    known: Mutex<HashMap<char, bool>>,
}

impl Fonts {
    pub(crate) fn new(settings: &FontSettings) -> Self {
        let mut store = FontStore::new();
        let mut own = 0;
        for data in EMBEDDED {
            for font in Font::iter(Bytes::new(data)) {
                let info = font.info().clone();
                store.push((font, info));
                own += 1;
            }
        }
        let honest = |info: &FontInfo| !info.is_last_resort();
        for directory in &settings.directories {
            store.extend(scan(directory).filter(|(_, info)| honest(info)));
        }
        if settings.system {
            store.extend(system().filter(|(_, info)| honest(info)));
        }
        Self {
            store,
            own,
            preferred: settings.preferred.clone(),
            known: Mutex::default(),
        }
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }

    /// The families that texts are set in, in this order, of those that are there: Latin, Chinese, and
    /// the first line of a Chinese certificate.
    pub(crate) fn order(&self) -> [Vec<String>; 3] {
        let there = |family: &&str| self.book().contains_family(&family.to_lowercase());
        let full = FULL_CHINESE.iter().copied().filter(there);
        let full: Vec<_> = full.map(str::to_owned).collect();
        let preferred = self.preferred.iter().map(String::as_str).filter(there);
        let preferred: Vec<_> = preferred.map(str::to_owned).collect();
        let after = |first: &[&str]| {
            let own = first.iter().map(|family| (*family).to_owned());
            preferred
                .iter()
                .cloned()
                .chain(own)
                .chain(full.iter().cloned())
                .collect()
        };
        [
            after(&[LATIN, CHINESE]),
            after(&[CHINESE]),
            after(&[TITLES, CHINESE]),
        ]
    }

    pub(crate) fn latin() -> &'static str {
        LATIN
    }

    pub(crate) fn families(&self) -> Vec<String> {
        let families = self.book().families();
        families.map(|(family, _)| family.to_owned()).collect()
    }

    /// Whether a font can draw a character, and does not only say so.
    pub(crate) fn covers(&self, character: char) -> bool {
        let claims = |index: &usize| {
            let info = self.book().info(*index);
            info.is_some_and(|info| info.coverage.contains(u32::from(character)))
        };
        if (0..self.own).any(|index| claims(&index)) {
            return true;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry(character).or_insert_with(|| {
            let all = self.book().families().flat_map(|(_, indices)| indices);
            all.filter(claims)
                .filter_map(|index| self.font(index))
                .any(|font| glyphs::draws(&font, character))
        })
    }

    /// Whether a font is one of ours.
    pub(crate) fn is_own(font: &Font) -> bool {
        let data = font.data().as_ptr();
        EMBEDDED.iter().any(|own| std::ptr::eq(own.as_ptr(), data))
    }
}

/// A script that a name may be written in, for whoever is to say which fonts a machine lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// With the accents of European languages and of pinyin.
    Latin,
    /// А, Б, В.
    Cyrillic,
    /// Α, Β, Γ.
    Greek,
    /// The characters of GB 2312 and those that given names have today.
    Chinese,
    /// Characters beyond: 龘, 𠮷, traditional forms.
    RareChinese,
    /// Kana.
    Japanese,
    /// Hangul.
    Korean,
    /// Arabic.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Devanagari.
    Devanagari,
    /// Thai.
    Thai,
}

impl Script {
    /// All that are asked after.
    pub const ALL: [Self; 11] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Greek,
        Self::Chinese,
        Self::RareChinese,
        Self::Japanese,
        Self::Korean,
        Self::Arabic,
        Self::Hebrew,
        Self::Devanagari,
        Self::Thai,
    ];

    /// Characters by which it is judged.
    pub fn sample(self) -> &'static str {
        match self {
            Self::Latin => "AzÉßőǚșŽ",
            Self::Cyrillic => "АяЁё",
            Self::Greek => "ΑωΆ",
            Self::Chinese => "聘书张玥〇（，",
            Self::RareChinese => "龘𠮷龍",
            Self::Japanese => "あン",
            Self::Korean => "한글",
            Self::Arabic => "ابي",
            Self::Hebrew => "את",
            Self::Devanagari => "अह",
            Self::Thai => "กฮ",
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
            Self::Chinese => "Chinese",
            Self::RareChinese => "rare or traditional Chinese",
            Self::Japanese => "Japanese",
            Self::Korean => "Korean",
            Self::Arabic => "Arabic",
            Self::Hebrew => "Hebrew",
            Self::Devanagari => "Devanagari",
            Self::Thai => "Thai",
        }
    }

    /// The Debian package whose fonts have it.
    pub fn package(self) -> &'static str {
        match self {
            Self::Chinese | Self::RareChinese | Self::Japanese | Self::Korean => "fonts-noto-cjk",
            Self::Latin
            | Self::Cyrillic
            | Self::Greek
            | Self::Arabic
            | Self::Hebrew
            | Self::Devanagari
            | Self::Thai => "fonts-noto-core",
        }
    }

    /// The script of a character, of those that are known here.
    pub fn of(character: char) -> Option<Self> {
        Some(match u32::from(character) {
            0x41..=0x24F | 0x1E00..=0x1EFF => Self::Latin,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Self::Greek,
            0x400..=0x52F => Self::Cyrillic,
            0x590..=0x5FF => Self::Hebrew,
            0x600..=0x6FF | 0x750..=0x77F => Self::Arabic,
            0x900..=0x97F => Self::Devanagari,
            0xE00..=0xE7F => Self::Thai,
            0x3040..=0x30FF => Self::Japanese,
            0x1100..=0x11FF | 0xAC00..=0xD7AF => Self::Korean,
            0x2E80..=0x2FFF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => {
                Self::RareChinese
            }
            _ => return None,
        })
    }
}
