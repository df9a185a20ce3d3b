//! Reads Rust files: which paths does a file name, made absolute, and what does it pass on?

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::Visit;

use super::source::Source;

/// What a Rust file names.
pub struct RustFile {
    pub path: String,
    /// Its module, `["account", "model"]`; empty for lib.rs.
    pub module: Vec<String>,
    pub references: Vec<Reference>,
    /// Names that this module passes on (`pub use`), and their full paths.
    pub exports: BTreeMap<String, Vec<String>>,
    /// First names of all paths outside `use` and tests: what the file's own code uses.
    pub names_used: BTreeSet<String>,
    pub async_lines: Vec<usize>,
}

/// One path in a file, made absolute: `["crate", "account", "model"]` or `["std", "fs"]`.
pub struct Reference {
    pub path: Vec<String>,
    pub line: usize,
    pub in_test: bool,
    /// The name under which a `pub use` passes it on.
    pub passed_on: Option<String>,
}

impl Reference {
    pub fn room(&self) -> Option<&str> {
        (self.path.first()? == "crate").then(|| self.path.get(1).map(String::as_str))?
    }

    pub fn place(&self, file: &RustFile) -> String {
        format!("{}:{}", file.path, self.line)
    }
}

pub fn rust_files(sources: &[Source]) -> Vec<RustFile> {
    sources.iter().filter(|source| source.ends_in(&["rs"])).map(read).collect()
}

fn read(source: &Source) -> RustFile {
    let tree = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path));
    let mut module: Vec<String> = source
        .path
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] {
        module.pop();
    }
    let children = tree.items.iter().filter_map(|item| {
        if let syn::Item::Mod(inner) = item { Some(inner.ident.to_string()) } else { None }
    });
    let mut reader = Reader {
        children: children.collect(),
        inside: Vec::new(),
        in_test: false,
        file: RustFile {
            path: source.path.clone(),
            module,
            references: Vec::new(),
            exports: BTreeMap::new(),
            names_used: BTreeSet::new(),
            async_lines: Vec::new(),
        },
    };
    reader.visit_file(&tree);
    reader.file
}

struct Reader {
    file: RustFile,
    /// Modules that the file declares: a path that starts with one of them means it.
    children: BTreeSet<String>,
    /// Inline modules that are open.
    inside: Vec<String>,
    in_test: bool,
}

impl Reader {
    fn absolute(&self, path: &[String]) -> Vec<String> {
        let mut base = [&self.file.module[..], &self.inside[..]].concat();
        let mut rest = path;
        let mut is_relative = false;
        while let Some((first, after)) = rest.split_first() {
            match first.as_str() {
                "self" => {}
                "super" => {
                    base.pop();
                }
                "crate" => base.clear(),
                // The binary's name for the library.
                "cardea" if !is_relative => base.clear(),
                child if !is_relative && self.inside.is_empty() && self.children.contains(child) => {
                    is_relative = true;
                    break;
                }
                _ => break,
            }
            is_relative = true;
            rest = after;
        }
        if !is_relative {
            return path.to_vec();
        }
        [&["crate".to_owned()][..], &base, rest].concat()
    }

    fn refer(&mut self, path: &[String], line: usize, passed_on: Option<String>) {
        let path = self.absolute(path);
        // `use super::*` or `crate` alone names nothing yet.
        self.file.references.push(Reference { path, line, in_test: self.in_test, passed_on });
    }

    fn read_use(&mut self, tree: &syn::UseTree, before: &[String], is_public: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.read_use(&path.tree, &with(&path.ident), is_public),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.read_use(item, before, is_public));
            }
            syn::UseTree::Glob(star) => self.refer(before, star.span().start().line, None),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.named(before, before.last().cloned(), name.span(), is_public);
            }
            syn::UseTree::Name(name) => {
                self.named(&with(&name.ident), Some(name.ident.to_string()), name.span(), is_public);
            }
            syn::UseTree::Rename(name) => {
                self.named(&with(&name.ident), Some(name.rename.to_string()), name.span(), is_public);
            }
        }
    }

    fn named(&mut self, path: &[String], name: Option<String>, span: proc_macro2::Span, is_public: bool) {
        let passed_on = name.filter(|_| is_public && self.inside.is_empty());
        if let Some(name) = &passed_on {
            let target = self.absolute(path);
            if target.first().is_some_and(|first| first == "crate") {
                self.file.exports.insert(name.clone(), target);
            }
        }
        self.refer(path, span.start().line, passed_on);
    }

    /// Paths inside a macro's tokens, which syn does not parse: names joined by `::`.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end_path(&mut path, line);
                        line = name.span().start().line;
                    }
                    if name == "async" {
                        self.file.async_lines.push(name.span().start().line);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end_path(&mut path, line);
                    colons = 0;
                    self.read_tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end_path(&mut path, line);
                    colons = 0;
                }
            }
        }
        self.end_path(&mut path, line);
    }

    fn uses(&mut self, name: &str) {
        if !self.in_test {
            self.file.names_used.insert(name.to_owned());
        }
    }

    fn end_path(&mut self, path: &mut Vec<String>, line: usize) {
        let path = std::mem::take(path);
        if let Some(first) = path.first() {
            self.uses(first);
            self.refer(&path, line, None);
        }
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let was_in_test = self.in_test;
        self.in_test |= is_for_tests(&item.attrs);
        self.read_use(&item.tree, &[], !matches!(item.vis, syn::Visibility::Inherited));
        self.in_test = was_in_test;
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let was_in_test = self.in_test;
        self.in_test |= is_for_tests(&item.attrs);
        self.inside.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.inside.pop();
        self.in_test = was_in_test;
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(in crate::room)` says who may look in, and imports nothing.
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(first) = names.first() {
            self.uses(first);
        }
        self.refer(&names, path.span().start().line, None);
        syn::visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        syn::visit::visit_attribute(self, attribute);
        if let syn::Meta::List(list) = &attribute.meta {
            self.read_tokens(list.tokens.clone());
        }
    }

    fn visit_macro(&mut self, each: &'ast syn::Macro) {
        syn::visit::visit_macro(self, each);
        self.read_tokens(each.tokens.clone());
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let Some(word) = &signature.asyncness {
            self.file.async_lines.push(word.span.start().line);
        }
        syn::visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.file.async_lines.push(block.async_token.span.start().line);
        syn::visit::visit_expr_async(self, block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        if let Some(word) = &closure.asyncness {
            self.file.async_lines.push(word.span.start().line);
        }
        syn::visit::visit_expr_closure(self, closure);
    }
}
