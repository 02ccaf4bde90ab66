/** What the inventory context says to others: its commands, events, queries and answers. */
@NullMarked
package io.waybill.inventory.api;

import org.jspecify.annotations.NullMarked;
