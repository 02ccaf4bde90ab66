/** Who asks and what they may do: accounts, tokens and their keys, and the rule of every operation. */
@NullMarked
package io.waybill.gateway.identity;

import org.jspecify.annotations.NullMarked;
