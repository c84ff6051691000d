-- Intent: whether a service outside is left alone every process decides by itself, after five failures of its own; what all
-- instances shared of it, a row per service that ever failed, was read before every call and is gone.
drop table api.outside_health;
