package io.waybill.messaging.security;

import io.waybill.security.Caller;
import io.waybill.security.Callers;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Who sent the request that the current thread answers. */
public final class CurrentCaller {

    private final Callers callers;

    CurrentCaller(Callers callers) {
        this.callers = callers;
    }

    /**
     * The caller whose token was verified.
     *
     * @throws AuthenticationCredentialsNotFoundException on a route that anyone may use
     */
    public Caller get() {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken verified) {
            return callers.of(verified.getToken());
        }
        throw new AuthenticationCredentialsNotFoundException("Nobody has to say who they are here");
    }
}
