-- Intent: roles that operators make are known to every instance within a second. Roles: tens.
CREATE FUNCTION identity.tell_roles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('identity', 'roles');
    RETURN NULL;
END $$;

-- What modules register at each start is no news to whoever has it registered himself.
CREATE TRIGGER roles_tell AFTER UPDATE OR DELETE ON identity.roles
    FOR EACH ROW WHEN (NOT OLD.is_system) EXECUTE FUNCTION identity.tell_roles_changed();
CREATE TRIGGER roles_tell_new AFTER INSERT ON identity.roles
    FOR EACH ROW WHEN (NOT NEW.is_system) EXECUTE FUNCTION identity.tell_roles_changed();
