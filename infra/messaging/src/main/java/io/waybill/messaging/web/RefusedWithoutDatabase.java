package io.waybill.messaging.web;

import io.waybill.messaging.database.DatabaseReach;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses requests at once while the database is away, instead of holding each as long as one waits for a connection.
 */
final class RefusedWithoutDatabase implements HandlerInterceptor {

    private final DatabaseReach database;

    RefusedWithoutDatabase(DatabaseReach database) {
        this.database = database;
    }

    /** @throws TransientDataAccessResourceException where it would be waited for in vain */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // What was done already, and only has to be told, is told.
        if (request.getDispatcherType() != DispatcherType.ASYNC && database.isAway()) {
            throw new TransientDataAccessResourceException("the database is away");
        }
        return true;
    }
}
