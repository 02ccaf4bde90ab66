/** What buyers see of the catalogue: a read model of products and how many pieces of each are free. */
@NullMarked
package io.waybill.inventory.browsing;

import org.jspecify.annotations.NullMarked;
