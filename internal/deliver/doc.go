// Package deliver takes messages to their subscribers: as mail through an SMTP
// server, or as complete mail files in a folder when there is no server. Both
// write the same mail, so that what lies in the folder is what would have been
// sent.
package deliver
