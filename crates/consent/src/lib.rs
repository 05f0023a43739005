//! May we reach this person, may we tell that one: contact points, safe contact, consents, the gate
