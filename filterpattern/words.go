package filterpattern

import "strconv"

// What conditions ask for, in plain words. Texts are quoted as Go strings,
// because they may hold anything.

func (c *Comparison) words() string {
	selector := c.Selector.String()
	w := c.Selector.wildcard()
	is, not := phrases(c.Value)
	switch {
	case w >= 0 && c.Op == NotEqual:
		return c.Selector.prefix(w) + " exists and no value of " + selector + " " + is
	case w >= 0 && c.Op == Equal:
		return "a value of " + selector + " " + is
	case w >= 0:
		return "a value of " + selector + " is a number " + c.Op.words() + " " + c.Value.String()
	case c.Op == NotEqual:
		return selector + " is a string or number and " + not
	case c.Op == Equal:
		return selector + " " + is
	}
	return selector + " is a number " + c.Op.words() + " " + c.Value.String()
}

func (c *FieldComparison) words() string {
	is, not := phrases(c.Value)
	_, number := c.Value.(*Number)
	switch {
	case c.Op == NotEqual && number:
		return c.Field + " is not a number equal to " + c.Value.String()
	case c.Op == NotEqual:
		return c.Field + " " + not
	case c.Op == Equal && !number:
		return c.Field + " " + is
	}
	return c.Field + " is a number " + c.Op.words() + " " + c.Value.String()
}

func (i *Is) words() string {
	subject := i.Selector.String()
	wildcard := i.Selector.wildcard() >= 0
	if wildcard {
		subject = "a value of " + subject
	}
	switch {
	case i.What == IsTrue:
		return subject + " is true (the boolean)"
	case i.What == IsFalse:
		return subject + " is false (the boolean)"
	case wildcard:
		return subject + " is null"
	}
	return subject + " is null or an array with null in it"
}

func (n *NotExists) words() string {
	if n.Selector.wildcard() >= 0 {
		return "there is no value of " + n.Selector.String()
	}
	return n.Selector.String() + " does not exist"
}

func (o Op) words() string {
	return [...]string{
		Equal: "equal to", NotEqual: "other than", Less: "less than", LessEqual: "not greater than",
		Greater: "greater than", GreaterEqual: "not less than",
	}[o]
}

// phrases says what = and != ask of a text or number.
func phrases(value Literal) (is, not string) {
	switch v := value.(type) {
	case *Number:
		text := v.Source + " or the string " + strconv.Quote(v.Source)
		return "is the number " + text, "is not the number " + text
	case *Text:
		return v.phrases()
	}
	return "matches the regular expression " + value.String(), "does not match the regular expression " + value.String()
}

func (g *glob) phrases() (is, not string) {
	core := strconv.Quote(string(g.core))
	switch {
	case g.anyBefore && g.anyAfter && len(g.core) == 0:
		return "is any string or number", "is none, which cannot be"
	case g.anyBefore && g.anyAfter:
		return "contains " + core, "does not contain " + core
	case g.anyBefore:
		return "ends with " + core, "does not end with " + core
	case g.anyAfter:
		return "begins with " + core, "does not begin with " + core
	}
	return "is " + core, "is not " + core
}

func (t *Term) words() string {
	text := strconv.Quote(t.Text)
	if t.Mode == Exclude {
		return "it does not contain " + text
	}
	return "it contains " + text
}
