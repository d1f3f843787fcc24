package filterpolicy

import "strings"

// node is what is asked of one field of a message: of its own value, of the
// fields in it, and of alternatives that stand beside those.
type node struct {
	own      *condition
	children map[string]*node
	anyOf    [][]*node
}

// condition is the list of a key: one of the patterns must match, or the field
// may have to be missing.
type condition struct {
	path     []string
	patterns []pattern
	absent   bool // {"exists": false} is among them
}

func compile(document *value) (*node, error) {
	root := &node{}
	return root, compileObject(document, root, nil)
}

// compileObject adds what an object asks. A dot in a key is one more level: the
// key a.b and the key b in an object a are the same.
func compileObject(object *value, into *node, path []string) error {
	for i, key := range object.keys {
		v := object.items[i]
		if isOr(key, v) {
			if err := compileOr(v, into, path); err != nil {
				return err
			}
			continue
		}
		steps := strings.Split(key, ".")
		field, full := into.at(steps), append(path[:len(path):len(path)], steps...)
		var err error
		switch v.kind {
		case aObject:
			err = compileObject(v, field, full)
		case aArray:
			field.own, err = compileList(v, full)
		default:
			err = v.refuse(v.at, "\"%s\" must be an object or an array", key)
		}
		if err != nil {
			return err
		}
	}
	if len(object.keys) == 0 {
		return object.refuse(object.end, "Empty objects are not allowed")
	}
	return nil
}

func compileOr(v *value, into *node, path []string) error {
	var alternatives []*node
	for _, item := range v.items {
		alternative := &node{}
		if err := compileObject(item, alternative, path); err != nil {
			return err
		}
		alternatives = append(alternatives, alternative)
	}
	into.anyOf = append(into.anyOf, alternatives)
	return nil
}

func (n *node) at(steps []string) *node {
	for _, step := range steps {
		if n.children == nil {
			n.children = map[string]*node{}
		}
		if n.children[step] == nil {
			n.children[step] = &node{}
		}
		n = n.children[step]
	}
	return n
}

func compileList(list *value, path []string) (*condition, error) {
	c := &condition{path: path}
	for _, item := range list.items {
		switch item.kind {
		case aArray:
			return nil, item.refuse(item.at, "Match value must be String, number, true, false, or null")
		case aObject:
			if err := c.addExpression(item); err != nil {
				return nil, err
			}
		default:
			c.patterns = append(c.patterns, equals(item))
		}
	}
	if len(list.items) == 0 {
		return nil, list.refuse(list.end, "Empty arrays are not allowed")
	}
	return c, nil
}
