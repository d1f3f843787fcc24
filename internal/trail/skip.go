package trail

// skipper walks over one value of any length, piece by piece. It follows
// strings and brackets only, so that it can stop at any byte.
type skipper struct {
	open     []byte // the closing brackets that are due
	inString bool
	escaped  bool
}

// skip walks on. Done says that the value ends n bytes into this piece.
func (s *skipper) skip(b []byte) (n int, done bool, err error) {
	for i, c := range b {
		switch {
		case s.inString:
			s.string(c)
			done = !s.inString && len(s.open) == 0
		case c == '"':
			s.inString = true
		case c == '{':
			s.open = append(s.open, '}')
		case c == '[':
			s.open = append(s.open, ']')
		case c == '}' || c == ']':
			if len(s.open) == 0 || s.open[len(s.open)-1] != c {
				return i, false, unexpected(b, i, "the rest of a value")
			}
			s.open = s.open[:len(s.open)-1]
			done = len(s.open) == 0
		case len(s.open) == 0:
			return i, false, unexpected(b, i, "the end of an endless number")
		}
		if len(s.open) > maxDepth {
			return i, false, &syntaxError{i, "nested too deeply"}
		}
		if done {
			return i + 1, true, nil
		}
	}
	return len(b), false, nil
}

func (s *skipper) string(c byte) {
	switch {
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.inString = false
	}
}
