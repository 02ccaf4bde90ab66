/** The stories of a shop, played over HTTP through the gateway, and the small client that plays them. */
@NullMarked
package io.waybill.standalone.demo;

import org.jspecify.annotations.NullMarked;
