/** The inventory context: what is for sale at which price, and how many pieces of it are free. */
@NullMarked
package io.waybill.inventory;

import org.jspecify.annotations.NullMarked;
