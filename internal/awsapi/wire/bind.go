package wire

import "reflect"

// bind writes a conformed and checked value into a Go value. It cannot fail: what
// did not fit was refused before.
func bind(p *plan, v any, dst reflect.Value) {
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	switch p.shape.Kind {
	case Structure:
		bindStructure(p, v.(record), dst)
	case List:
		bindList(p, v.([]any), dst)
	case Map:
		bindMap(p, v.(map[string]any), dst)
	case String:
		dst.SetString(v.(string))
	case Boolean:
		dst.SetBool(v.(bool))
	case Integer, Long:
		dst.SetInt(v.(int64))
	case Float, Double:
		dst.SetFloat(v.(float64))
	case Blob:
		dst.SetBytes(v.([]byte))
	case Timestamp:
		dst.Set(reflect.ValueOf(v))
	}
}

func bindStructure(p *plan, v record, dst reflect.Value) {
	for i := range p.fields {
		f := &p.fields[i]
		if value := v[f.place]; value != nil {
			bind(f.plan, value, dst.Field(f.index))
		}
	}
}

func bindList(p *plan, v []any, dst reflect.Value) {
	list := reflect.MakeSlice(p.goType, len(v), len(v))
	for i, e := range v {
		bind(p.element, e, list.Index(i))
	}
	dst.Set(list)
}

func bindMap(p *plan, v map[string]any, dst reflect.Value) {
	m := reflect.MakeMapWithSize(p.goType, len(v))
	for key, e := range v {
		value := reflect.New(p.goType.Elem()).Elem()
		bind(p.element, e, value)
		m.SetMapIndex(reflect.ValueOf(key), value)
	}
	dst.Set(m)
}
