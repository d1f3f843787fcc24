package sqlstore

import (
	"database/sql"
	"strconv"
	"strings"
)

// conditions builds the WHERE clause of a query whose parts depend on what is
// asked for. Parts are written with ?, which become $N in order.
type conditions struct {
	text string
	args []any
}

func newConditions(text string, args ...any) *conditions {
	c := &conditions{}
	c.text = c.number(text, args)
	return c
}

// add joins one more condition with AND.
func (c *conditions) add(text string, args ...any) { c.text += ` AND ` + c.number(text, args) }

// prefix is the condition that a text column begins with the prefix; an index
// on the column serves it.
func (c *conditions) prefix(column, prefix string) {
	if prefix != "" {
		c.add(column+` >= ? AND `+column+` < ?`, prefix, prefix+"\U0010FFFF")
	}
}

// addIn is the condition that the column has one of the values; none is false.
func addIn[T any](c *conditions, column string, values []T) {
	if len(values) == 0 {
		c.add(`1 = 0`)
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	c.add(column+` IN (?`+strings.Repeat(`, ?`, len(values)-1)+`)`, args...)
}

// limit is the LIMIT clause.
func (c *conditions) limit(n int) string { return c.number(` LIMIT ?`, []any{n}) }

func (c *conditions) number(text string, args []any) string {
	var b strings.Builder
	for i, part := range strings.Split(text, `?`) {
		if i > 0 {
			c.args = append(c.args, args[i-1])
			b.WriteString(`$` + strconv.Itoa(len(c.args)))
		}
		b.WriteString(part)
	}
	return b.String()
}

// escapeLike takes the meaning from the wildcards of LIKE ... ESCAPE '\'.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// collect reads all rows of a query and closes them. It takes the query's error
// too, so that it can be wrapped around the call.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, rows.Err()
}

func scanText(rows *sql.Rows) (text string, err error) {
	err = rows.Scan(&text)
	return text, err
}

// oneOr is the outcome of a statement that is to change a row: none when it
// changed no row.
func oneOr(none error, result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return none
	}
	return err
}
