use super::*;

#[test]
fn names_values_and_texts_have_spans() {
    let text = "<a x = 'é&amp;1' y=\"2\"><b:c xmlns:b='u'>  t1 </b:c></a >";
    let document = Document::parse(text).unwrap();
    let root = document.root();
    assert_eq!(root.name_span().of(text), "a");
    let x = root.attr("x").unwrap();
    assert_eq!((x.name_span().of(text), x.value_span().of(text), x.value()), ("x", "é&amp;1", "é&1"));
    let child = root.elements().next().unwrap();
    assert_eq!((child.qualified_name(), child.name(), child.namespace()), ("b:c", "c", Some("u")));
    assert_eq!(child.text().map(|t| (t.value, t.span.of(text))), Some(("t1", "t1")));
    assert_eq!(root.content_span().unwrap().of(text), "<b:c xmlns:b='u'>  t1 </b:c>");
}

#[test]
fn a_text_of_several_pieces_has_the_whole_content() {
    let text = "<a>x&lt;y<![CDATA[z]]>w</a>";
    let document = Document::parse(text).unwrap();
    assert_eq!(document.root().text().map(|t| (t.value, t.span.of(text))), Some(("x<yzw", "x&lt;y<![CDATA[z]]>w")));
}

#[test]
fn an_empty_element_has_no_content() {
    let document = Document::parse("<a b='>'/>").unwrap();
    assert_eq!(document.root().content_span(), None);
    let text = "<a b='>'></a>";
    assert_eq!(Document::parse(text).unwrap().root().content_span(), Some(Span::empty(9)));
}

#[test]
fn elements_stand_in_and_beside_each_other() {
    let document = Document::parse("<a><b><c/><d>x</d></b><!-- --><e/> <b x='1'/></a>").unwrap();
    let root = document.root();
    let names = |node: Node| node.elements().map(|child| child.name().to_owned()).collect::<Vec<_>>().join(" ");
    let b = root.child("b").unwrap();
    assert_eq!((names(root), names(b), root.children("b").count()), ("b e b".to_owned(), "c d".to_owned(), 2));
    let d = root.descend(&["b", "d"]).unwrap();
    assert_eq!((d.parent() == Some(b), b.parent() == Some(root), root.parent()), (true, true, None));
    assert_eq!((d.text().map(|text| text.value), b.text(), root.text()), (Some("x"), None, None));
    assert_eq!(root.children("b").nth(1).and_then(|b| b.value("x")), Some("1"));
}

#[test]
fn what_has_a_namespace_is_not_found_by_its_name() {
    let document = Document::parse("<a xmlns:n='u' n:x='1' y='2'><n:b/><b/></a>").unwrap();
    let root = document.root();
    assert_eq!((root.value("x"), root.value("y"), root.attrs().count()), (None, Some("2"), 2));
    assert_eq!(root.child("b").map(|b| b.namespace()), Some(None));
    assert_eq!(root.elements().map(Node::namespace).collect::<Vec<_>>(), [Some("u"), None]);
}
