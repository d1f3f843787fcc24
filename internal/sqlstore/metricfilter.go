package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/tocsin-dev/tocsin/internal/metricfilter"
)

// MetricFilters keeps metric filters.
type MetricFilters struct{ db *DB }

var _ metricfilter.Store = (*MetricFilters)(nil)

// MetricFilters is the store of the metricfilter station.
func (db *DB) MetricFilters() *MetricFilters { return &MetricFilters{db} }

const filterColumns = `f.id, f.group_id, g.name, f.name, f.pattern, f.metric_name, f.namespace, f.value,
	f.default_value, f.unit, f.dimensions, f.system_dimensions, f.created_ms`

const filterFrom = ` FROM metric_filter f JOIN log_group g ON g.id = f.group_id `

// Put creates or replaces a filter by name after check has seen the others.
func (s *MetricFilters) Put(ctx context.Context, f metricfilter.Filter, check func(others []metricfilter.Filter) error) error {
	dimensions, err := json.Marshal(f.Transformation.Dimensions)
	if err != nil {
		return err
	}
	system, err := json.Marshal(f.SystemDimensions)
	if err != nil {
		return err
	}
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+filterColumns+filterFrom+`WHERE f.group_id = $1 AND f.name <> $2`, f.GroupID, f.Name)
		if err != nil {
			return err
		}
		others, err := scanFilters(rows)
		if err != nil {
			return err
		}
		if err := check(others); err != nil {
			return err
		}
		t := f.Transformation
		_, err = tx.ExecContext(ctx, `INSERT INTO metric_filter
			(group_id, name, pattern, metric_name, namespace, value, default_value, unit, dimensions, system_dimensions, created_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (group_id, name) DO UPDATE SET pattern = excluded.pattern, metric_name = excluded.metric_name,
				namespace = excluded.namespace, value = excluded.value, default_value = excluded.default_value, unit = excluded.unit,
				dimensions = excluded.dimensions, system_dimensions = excluded.system_dimensions, created_ms = excluded.created_ms`,
			f.GroupID, f.Name, f.Pattern, t.MetricName, t.Namespace, t.Value, t.Default, t.Unit, string(dimensions), string(system), millis(f.Created))
		return err
	})
}

// Delete removes a filter by name.
func (s *MetricFilters) Delete(ctx context.Context, groupID int64, name string) (bool, error) {
	result, err := s.db.write.ExecContext(ctx, `DELETE FROM metric_filter WHERE group_id = $1 AND name = $2`, groupID, name)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Filters lists a group's filters in name order.
func (s *MetricFilters) Filters(ctx context.Context, groupID int64) ([]metricfilter.Filter, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+filterColumns+filterFrom+`WHERE f.group_id = $1 ORDER BY f.name`, groupID)
	if err != nil {
		return nil, err
	}
	return scanFilters(rows)
}

// List selects a page of filters in order of group and name.
func (s *MetricFilters) List(ctx context.Context, q metricfilter.Query) ([]metricfilter.Filter, error) {
	rows, err := s.db.read.QueryContext(ctx, `SELECT `+filterColumns+filterFrom+`
		WHERE g.partition = $1 AND g.account = $2 AND g.region = $3
		  AND ($4 = '' OR g.name = $4)
		  AND substr(f.name, 1, length($5)) = $5
		  AND ($6 = '' OR f.metric_name = $6) AND ($7 = '' OR f.namespace = $7)
		  AND (g.name, f.name) > ($8, $9)
		ORDER BY g.name, f.name LIMIT $10`,
		q.Scope.Partition, q.Scope.Account, q.Scope.Region, q.Group, q.Prefix, q.MetricName, q.Namespace, q.AfterGroup, q.AfterName, q.Limit)
	if err != nil {
		return nil, err
	}
	return scanFilters(rows)
}

func scanFilters(rows *sql.Rows) ([]metricfilter.Filter, error) {
	defer rows.Close()
	var out []metricfilter.Filter
	for rows.Next() {
		filter, err := scanFilter(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, filter)
	}
	return out, rows.Err()
}

func scanFilter(rows *sql.Rows) (metricfilter.Filter, error) {
	var f metricfilter.Filter
	var dimensions, system string
	var created int64
	t := &f.Transformation
	err := rows.Scan(&f.ID, &f.GroupID, &f.Group, &f.Name, &f.Pattern, &t.MetricName, &t.Namespace, &t.Value,
		&t.Default, &t.Unit, &dimensions, &system, &created)
	if err != nil {
		return f, err
	}
	f.Created = fromMillis(created)
	if err := json.Unmarshal([]byte(dimensions), &t.Dimensions); err != nil {
		return f, fmt.Errorf("dimensions of metric filter %s: %w", f.Name, err)
	}
	if err := json.Unmarshal([]byte(system), &f.SystemDimensions); err != nil {
		return f, fmt.Errorf("system dimensions of metric filter %s: %w", f.Name, err)
	}
	return f, nil
}
