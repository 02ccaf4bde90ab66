/** Which products are for sale, under which name and at which price, and what of them arrives in the warehouse. */
@NullMarked
package io.waybill.inventory.catalogue;

import org.jspecify.annotations.NullMarked;
