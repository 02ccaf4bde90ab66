/**
 * Who may do what: the access rules that the API's documents declare, and the tokens that say who asks. Used alike by
 * the gateway and by the contexts behind it.
 */
@NullMarked
package io.waybill.security;

import org.jspecify.annotations.NullMarked;
