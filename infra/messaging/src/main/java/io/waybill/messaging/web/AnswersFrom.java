package io.waybill.messaging.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which read model a handler answers from. A request that carries a consistency token waits until that read model
 * has seen the write.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface AnswersFrom {

    /** The processing group that draws it. */
    String value();
}
