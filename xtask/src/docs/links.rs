//! That every link of the book leads somewhere, and every picture says what is in it.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// Checks the pages of the book below a folder, their links into API docs included.
pub fn check(folder: &Path) -> Result<String, String> {
    let mut pages = vec![];
    walk(folder, &mut pages)?;
    let mut anchors: HashMap<PathBuf, HashSet<String>> = HashMap::new();
    let mut wrong = vec![];
    let (mut links, mut pictures) = (0, 0);
    for page in &pages {
        let text = read(page)?;
        for picture in text.match_indices("<img ").map(|(at, _)| tag(&text[at..])) {
            pictures += 1;
            if value(picture, "alt").is_none_or(|alt| alt.trim().is_empty()) {
                wrong.push(format!(
                    "{}: a picture without a text for those who do not see it: {picture}",
                    page.display()
                ));
            }
        }
        pictures += text.matches("<svg class=\"plot\"").count();
        for link in text.match_indices("<a ").filter_map(|(at, _)| value(tag(&text[at..]), "href")) {
            if link.contains("://") || link.starts_with("mailto:") || link.starts_with("javascript:") {
                continue;
            }
            links += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let mut target = match file {
                "" => page.clone(),
                file => normal(&page.parent().unwrap_or(page).join(file)),
            };
            if target.is_dir() {
                target.push("index.html");
            }
            if !target.exists() {
                wrong.push(format!("{}: the link {link} leads nowhere", page.display()));
                continue;
            }
            if anchor.is_empty() || target.extension().is_none_or(|e| e != "html") {
                continue;
            }
            if !anchors.contains_key(&target) {
                let own = read(&target)?;
                let ids = own.match_indices(" id=\"").filter_map(|(at, _)| own[at + 5..].split('"').next());
                anchors.insert(target.clone(), ids.map(str::to_string).collect());
            }
            if !anchors[&target].contains(anchor) {
                wrong.push(format!("{}: {link} names no place on its page", page.display()));
            }
        }
    }
    match wrong.is_empty() {
        true => Ok(format!("{} pages with {links} links and {pictures} pictures are whole", pages.len())),
        false => Err(wrong.join("\n")),
    }
}

/// The pages of the book; API docs are checked by rustdoc itself.
fn walk(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(super::text)? {
        let path = entry.map_err(super::text)?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            if name != "api" {
                walk(&path, pages)?;
            }
        } else if path.extension().is_some_and(|e| e == "html") && name != "toc.html" {
            pages.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))
}

/// A tag from its beginning.
fn tag(text: &str) -> &str {
    &text[..text.find('>').unwrap_or(text.len())]
}

/// The value of an attribute.
fn value(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next().map(|value| value.replace("&amp;", "&"))
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}
