/** The catalogue over HTTP. */
@NullMarked
package io.waybill.inventory.web;

import org.jspecify.annotations.NullMarked;
