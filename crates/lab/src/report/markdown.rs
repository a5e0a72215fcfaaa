//! Documentation in Markdown as markup.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// A documentation text as it is shown in a page: links into code become plain text, and lines of examples that are
/// hidden in API docs are left out.
pub fn markup(text: &str) -> String {
    let mut depth = vec![];
    let mut in_code = false;
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let is_kept = dest_url.starts_with("https://");
            depth.push(is_kept);
            is_kept.then_some(event)
        }
        Event::End(TagEnd::Link) => depth.pop().unwrap_or(true).then_some(event),
        Event::Start(Tag::CodeBlock(_)) => {
            in_code = true;
            Some(event)
        }
        Event::End(TagEnd::CodeBlock) => {
            in_code = false;
            Some(event)
        }
        Event::Text(text) if in_code => Some(Event::Text(CowStr::from(shown(&text)))),
        // A text's own markup is shown as it is written.
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        event => Some(event),
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page
}

/// A single paragraph as markup, without the paragraph's own marks.
pub fn inline(text: &str) -> String {
    let whole = markup(text);
    whole.trim().trim_start_matches("<p>").trim_end_matches("</p>").into()
}

/// The lines of an example that API docs show.
fn shown(code: &str) -> String {
    let is_hidden = |line: &&str| line.trim_start() == "#" || line.trim_start().starts_with("# ");
    code.lines().filter(|line| !is_hidden(line)).map(|line| format!("{line}\n")).collect()
}
