/** What can be counted and measured of a context, as Micrometer's meters. Their tags are bounded; no id is one. */
@NullMarked
package io.waybill.messaging.metrics;

import org.jspecify.annotations.NullMarked;
