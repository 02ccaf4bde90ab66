/** Sets pieces aside for orders, gives them back or lets them go, and never promises the same piece twice. */
@NullMarked
package io.waybill.inventory.stock;

import org.jspecify.annotations.NullMarked;
