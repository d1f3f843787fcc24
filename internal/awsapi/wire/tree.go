package wire

import (
	"cmp"
	"reflect"
	"slices"
	"time"
)

// A node is an answer on its way out: object, entries, []node, string, bool,
// int64, float64, time.Time or []byte. Its order is that of the model.
type node any

// object is a structure's members that are set.
type object []property

type property struct {
	member *Member
	value  node
}

// entries is a map, sorted by key so that answers are reproducible.
type entries []entry

type entry struct {
	key   string
	value node
}

// grow makes the tree of a Go value, nil when there is nothing to write.
func grow(p *plan, v reflect.Value) node {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	case reflect.Slice, reflect.Map:
		if v.IsNil() {
			return nil
		}
	}
	switch p.shape.Kind {
	case Structure:
		return growObject(p, v)
	case List:
		return growList(p, v)
	case Map:
		return growEntries(p, v)
	}
	return growScalar(p, v)
}

func growScalar(p *plan, v reflect.Value) node {
	switch p.shape.Kind {
	case String:
		return v.String()
	case Boolean:
		return v.Bool()
	case Integer, Long:
		return v.Int()
	case Float, Double:
		return v.Float()
	case Blob:
		return v.Bytes()
	}
	return v.Interface().(time.Time)
}

func growObject(p *plan, v reflect.Value) node {
	o := make(object, 0, len(p.fields))
	for i := range p.fields {
		f := &p.fields[i]
		if value := grow(f.plan, v.Field(f.index)); value != nil {
			o = append(o, property{f.member, value})
		}
	}
	return o
}

func growList(p *plan, v reflect.Value) node {
	list := make([]node, v.Len())
	for i := range list {
		list[i] = grow(p.element, v.Index(i))
	}
	return list
}

func growEntries(p *plan, v reflect.Value) node {
	es := make(entries, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		es = append(es, entry{it.Key().String(), grow(p.element, it.Value())})
	}
	slices.SortFunc(es, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return es
}
