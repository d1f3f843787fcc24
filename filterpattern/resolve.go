package filterpattern

// selection is what a selector selects in one document.
type selection struct {
	nodes    []int // without a wildcard: one or none
	wildcard bool
	base     bool // the node before the wildcard exists
}

func (d *document) selectNodes(s *Selector) selection {
	const root = 0
	w := s.wildcard()
	if w < 0 {
		if node := d.follow(root, s.Steps); node != none {
			return selection{nodes: []int{node}}
		}
		return selection{}
	}
	base := d.follow(root, s.Steps[:w])
	if base == none {
		return selection{wildcard: true}
	}
	selected := selection{wildcard: true, base: true}
	for _, child := range d.children(base) {
		if node := d.follow(child, s.Steps[w+1:]); node != none {
			selected.nodes = append(selected.nodes, node)
		}
	}
	return selected
}

// follow goes down from a node by steps without wildcards.
func (d *document) follow(node int, steps []Step) int {
	for _, step := range steps {
		if node == none {
			break
		}
		if step.Kind == Property {
			node = d.property(node, step.Key)
		} else {
			node = d.element(node, step.Index)
		}
	}
	return node
}
