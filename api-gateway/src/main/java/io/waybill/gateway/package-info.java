/** The one door of Waybill: routes a closed list of operations to the contexts and answers for what goes wrong. */
@NullMarked
package io.waybill.gateway;

import org.jspecify.annotations.NullMarked;
