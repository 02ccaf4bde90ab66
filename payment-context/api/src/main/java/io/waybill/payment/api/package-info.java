/** What the payment context says to others: its commands, events, queries and answers. */
@NullMarked
package io.waybill.payment.api;

import org.jspecify.annotations.NullMarked;
