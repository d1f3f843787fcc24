package filterpattern

// Node is a part of a parsed pattern. The set is sealed: a switch over the
// types of this file is complete. Nodes belong to their Pattern and must not
// be modified.
type Node interface {
	// Pos is the byte offset of the node's first character in Pattern.Source.
	Pos() int
	// String is the node in canonical form.
	String() string

	node()
}

// Condition is a test inside a JSON or space-delimited pattern: *And, *Or,
// *Comparison, *Is, *NotExists or *FieldComparison.
type Condition interface {
	Node
	condition()
}

// Literal is the right side of a comparison: *Number, *Text or *Regexp.
type Literal interface {
	Node
	literal()
}

type position int

func (p position) Pos() int { return int(p) }
func (position) node()      {}

// The five roots, one for each Kind.
type (
	// Everything is the empty pattern.
	Everything struct{ position }

	// TermList is a pattern of words and phrases.
	TermList struct {
		position
		Terms []*Term // at least one
	}

	// Regexp is a regular expression between percent signs. It is the root of a
	// pattern of kind Regex and a Literal elsewhere.
	Regexp struct {
		position
		Expr string // between the percent signs
		compiled
	}

	// Object is a pattern in braces.
	Object struct {
		position
		Condition Condition
	}

	// FieldList is a pattern in brackets.
	FieldList struct {
		position
		Fields []*Field // none in "[]", which is read as "[...]"

		ellipsis int // the place of "..." in Fields, 0 if there are none at all, or -1
	}
)

// Term is one word or phrase of a TermList.
type Term struct {
	position
	Mode TermMode
	Text string // unquoted, never empty
	raw  []byte
}

// TermMode says what a Term asks of a message.
type TermMode int

// Optional terms are heeded only in a list that has nothing but optional terms.
const (
	Include  TermMode = iota // the message contains the text
	Exclude                  // -text: the message does not contain it
	Optional                 // ?text: one of the optional texts is enough
)

// Field is one slot of a FieldList.
type Field struct {
	position
	Name      string    // empty for an unnamed slot and for "..."
	Ellipsis  bool      // "...", any number of fields
	Condition Condition // nil, or *And, *Or and *FieldComparison on Name alone
}

// The conditions.
type (
	// And is true if all operands are. No operand is itself an *And.
	And struct {
		position
		Operands []Condition
	}

	// Or is true if any operand is. No operand is itself an *Or.
	Or struct {
		position
		Operands []Condition
	}

	// Comparison compares what a selector selects with a literal. Operators
	// other than Equal and NotEqual have a *Number.
	Comparison struct {
		position
		Selector *Selector
		Op       Op
		Value    Literal
	}

	// Is tests for null, true or false.
	Is struct {
		position
		Selector *Selector
		What     Constant
	}

	// NotExists is true if the selector selects nothing.
	NotExists struct {
		position
		Selector *Selector
	}

	// FieldComparison compares a field of a space-delimited message with a
	// literal.
	FieldComparison struct {
		position
		Field string
		Op    Op
		Value Literal
	}
)

// Op is a comparison operator.
type Op int

// The operators.
const (
	Equal Op = iota
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
)

// Constant is what an Is condition asks for.
type Constant int

// The constants.
const (
	IsNull Constant = iota
	IsTrue
	IsFalse
)

// The literals, Regexp apart.
type (
	// Number is an exact decimal. Against a string it compares as Source.
	Number struct {
		position
		Source string
		decimal
	}

	// Text is a bare or quoted text, in which an asterisk at the start, the end
	// or both stands for any characters.
	Text struct {
		position
		Value string // unquoted, with its asterisks
		glob
	}
)

func (*And) condition()             {}
func (*Or) condition()              {}
func (*Comparison) condition()      {}
func (*Is) condition()              {}
func (*NotExists) condition()       {}
func (*FieldComparison) condition() {}

func (*Number) literal() {}
func (*Text) literal()   {}
func (*Regexp) literal() {}

// Walk calls visit for n and all nodes below it, parents first, in the order
// of the text.
func Walk(n Node, visit func(Node)) {
	visit(n)
	switch n := n.(type) {
	case *TermList:
		walkAll(n.Terms, visit)
	case *Object:
		Walk(n.Condition, visit)
	case *FieldList:
		walkAll(n.Fields, visit)
	case *Field:
		if n.Condition != nil {
			Walk(n.Condition, visit)
		}
	case *And:
		walkAll(n.Operands, visit)
	case *Or:
		walkAll(n.Operands, visit)
	case *Comparison:
		Walk(n.Selector, visit)
		Walk(n.Value, visit)
	case *Is:
		Walk(n.Selector, visit)
	case *NotExists:
		Walk(n.Selector, visit)
	case *FieldComparison:
		Walk(n.Value, visit)
	case *Everything, *Term, *Regexp, *Selector, *Number, *Text:
	}
}

func walkAll[N Node](nodes []N, visit func(Node)) {
	for _, n := range nodes {
		Walk(n, visit)
	}
}
