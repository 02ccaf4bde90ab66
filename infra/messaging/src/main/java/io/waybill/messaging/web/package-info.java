/**
 * What contexts answer over HTTP in the same way: problems, pages, money, and the operators' view of their processors.
 */
@NullMarked
package io.waybill.messaging.web;

import org.jspecify.annotations.NullMarked;
