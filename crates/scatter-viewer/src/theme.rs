//! Dark or light.

/// How the page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Bright points on night.
    #[default]
    Dark,
    /// Dark points on paper.
    Light,
}

impl Theme {
    /// What was kept, if it is a theme, else what the system prefers.
    pub fn resolve(kept: Option<&str>, prefers_light: bool) -> Self {
        match kept {
            Some("dark") => Self::Dark,
            Some("light") => Self::Light,
            _ if prefers_light => Self::Light,
            _ => Self::Dark,
        }
    }

    /// Its name, as it is kept and as the stylesheet knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_wins_over_the_system_and_nonsense_does_not_count() {
        assert_eq!(Theme::resolve(Some("dark"), true), Theme::Dark);
        assert_eq!(Theme::resolve(Some("light"), false), Theme::Light);
        assert_eq!(Theme::resolve(Some("<b>"), true), Theme::Light);
        assert_eq!(Theme::resolve(None, false), Theme::Dark);
        for theme in [Theme::Dark, Theme::Light] {
            assert_eq!(Theme::resolve(Some(theme.name()), false), theme);
            assert_eq!(theme.other().other(), theme);
        }
    }
}
