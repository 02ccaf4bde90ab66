/** What the order context says to others: its commands, events, queries and answers. */
@NullMarked
package io.waybill.order.api;

import org.jspecify.annotations.NullMarked;
