/** What the shipping context says to others: its commands, events, queries and answers. */
@NullMarked
package io.waybill.shipping.api;

import org.jspecify.annotations.NullMarked;
