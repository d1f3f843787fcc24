package filterpattern

// Pattern is a parsed filter pattern. It is immutable and safe for use by many
// goroutines. The zero Pattern is the empty pattern, which matches everything.
type Pattern struct {
	source string
	root   Node
}

// Kind is the kind of a pattern, which its first character decides.
type Kind int

// The kinds.
const (
	All   Kind = iota // the empty pattern: every message
	Terms             // words and phrases
	Regex             // %expression%
	JSON              // { conditions }
	Space             // [fields]
)

// String is the name of the kind: all, terms, regex, json or space.
func (k Kind) String() string { return [...]string{"all", "terms", "regex", "json", "space"}[k] }

// Parse parses a filter pattern. The error is a *SyntaxError with AWS's text.
func Parse(text string) (*Pattern, error) {
	if err := checkLength(text); err != nil {
		return nil, err
	}
	return parse(text)
}

// parse is Parse without the limit on the length.
func parse(text string) (*Pattern, error) {
	root, err := parseRoot(text)
	if err != nil {
		return nil, err
	}
	if err := checkLimits(root); err != nil {
		return nil, err
	}
	return &Pattern{text, root}, nil
}

// MustParse is Parse for patterns that are known to be good; it panics on an error.
func MustParse(text string) *Pattern {
	p, err := Parse(text)
	if err != nil {
		panic("filterpattern: Parse(" + quote(text) + "): " + err.Error())
	}
	return p
}

// Source is the text that was parsed, unchanged.
func (p *Pattern) Source() string { return p.source }

// String is the pattern in canonical form: one spelling for all patterns with
// the same tree. It parses to the same tree again, unless quotes and spaces
// have made it longer than MaxLength.
func (p *Pattern) String() string { return p.Root().String() }

// Kind is the kind of the pattern.
func (p *Pattern) Kind() Kind {
	switch p.root.(type) {
	case *TermList:
		return Terms
	case *Regexp:
		return Regex
	case *Object:
		return JSON
	case *FieldList:
		return Space
	}
	return All
}

// Root is the tree: *Everything, *TermList, *Regexp, *Object or *FieldList. It
// must not be modified.
func (p *Pattern) Root() Node {
	if p.root == nil {
		return &Everything{}
	}
	return p.root
}

// Regexes is the number of regular expressions in the pattern. A log group
// takes at most five filters for which it is not zero.
func (p *Pattern) Regexes() int {
	n := 0
	Walk(p.Root(), func(node Node) {
		if _, ok := node.(*Regexp); ok {
			n++
		}
	})
	return n
}

// MarshalText returns the source.
func (p *Pattern) MarshalText() ([]byte, error) { return []byte(p.source), nil }

// UnmarshalText is Parse.
func (p *Pattern) UnmarshalText(text []byte) error {
	q, err := Parse(string(text))
	if err != nil {
		return err
	}
	*p = *q
	return nil
}
