// Package web is what people see of Tocsin in their browsers. Pages are
// rendered on the server and need no script.
package web
