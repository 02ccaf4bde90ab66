/**
 * A context's one stream of events in PostgreSQL: appending to it, reading it in a sure order, and being woken by it.
 */
@NullMarked
package io.waybill.messaging.stream;

import org.jspecify.annotations.NullMarked;
